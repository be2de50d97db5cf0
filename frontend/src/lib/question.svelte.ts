/** A question that one officer is asked, one at a time, before what she meant goes on: asked anew, the first is not done. */

type Asked = { officer: string | null; before: string; end: (done: boolean) => void }

export class Question {
  private asked = $state.raw<Asked | null>(null)

  /** Before what it is asked, as she would call it, empty where its page says it; null while nobody is asked. */
  get before(): string | null {
    return this.asked?.before ?? null
  }

  /** Ask an officer; false where she lets it be. */
  ask(officer: string | null, before: string): Promise<boolean> {
    this.answer(false)
    return new Promise((end) => (this.asked = { officer, before, end }))
  }

  /** End the question, if one is asked. */
  answer(done: boolean): void {
    const was = this.asked
    this.asked = null
    was?.end(done)
  }

  /** Another officer than was asked is here now: what she does answers nothing that the first one meant. */
  hear(officer: string | null): void {
    if (this.asked && officer && officer !== this.asked.officer) this.answer(false)
  }
}
