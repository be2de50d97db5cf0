'use strict'
// The page around quartet-verify.js: two files are chosen or dropped, and the verdict is shown. Text is only ever text.

;(() => {
  const at = (id) => document.getElementById(id)
  const files = { proof: null, charter: null }
  let asked = 0

  const CANNOT = {
    'no-webcrypto': 'This browser has no WebCrypto here: open the page as a file, or over https.',
    'no-ed25519':
      'This browser cannot check Ed25519 signatures, so that nothing is checked. Use a newer one, or Node 20: node quartet-verify.js PROOF --charter CHARTER',
  }

  function put(list, tag, text, mark = '') {
    const line = document.createElement(tag)
    line.textContent = text
    if (mark) line.className = mark
    list.append(line)
  }

  /** Whether dropped bytes are signed bytes, as a charter is; anything else is taken for a proof. */
  function isCharter(bytes) {
    try {
      return Object.hasOwn(JSON.parse(new TextDecoder().decode(bytes)), 'data')
    } catch {
      return false
    }
  }

  async function take(name, file) {
    files[name] = new Uint8Array(await file.arrayBuffer())
    at(`${name}-name`).textContent = file.name
    at(name).parentElement.classList.add('there')
  }

  /** Show the verdict on what is here; of two that were asked for, the later. */
  async function judge() {
    if (!files.proof || !files.charter) return
    const mine = ++asked
    const verdict = await checked()
    if (mine !== asked) return
    at('verdict').hidden = false
    at('verdict').className = verdict.holds ? 'holds' : 'fails'
    at('says').textContent = verdict.holds ? 'It holds' : 'It proves nothing'
    at('why').textContent = verdict.why
    at('shown').replaceChildren()
    for (const [name, value] of verdict.shown) {
      put(at('shown'), 'dt', name)
      put(at('shown'), 'dd', value)
    }
    at('steps').replaceChildren()
    for (const step of verdict.steps) put(at('steps'), 'li', step.replace(/^\d+\. /, ''), 'done')
    if (!verdict.holds) put(at('steps'), 'li', verdict.reason, 'failed')
  }

  async function checked() {
    try {
      const report = await QuartetVerify.verifyProof(files.proof, files.charter)
      return {
        holds: true,
        why: '',
        shown: shownOf(report),
        steps: report.steps,
      }
    } catch (refused) {
      if (!(refused instanceof QuartetVerify.Refused)) throw refused
      return {
        holds: false,
        reason: refused.reason,
        why: refused.message,
        shown: [],
        steps: refused.steps,
      }
    }
  }

  function shownOf(report) {
    return [
      ['Said by', `${report.author}, officer ${report.officer}`],
      ['What', `${report.kind} ${QuartetVerify.reference(report.author, report.item)} (${report.item})`],
      ['Said at', QuartetVerify.utc(report.at)],
      ['On record since', QuartetVerify.utc(report.on_record)],
      ['Cosigned by', `${report.cosigners.join(', ')}, of ${report.witnesses} who count`],
      ...(report.absent.length ? [['Declared absent', report.absent.join(', ')]] : []),
      ['Exchange', `${report.charter} (${report.exchange})`],
    ]
  }

  async function dropped(event) {
    event.preventDefault()
    document.body.classList.remove('over')
    const given = [...event.dataTransfer.files].slice(0, 2)
    const zone = event.target instanceof Element ? event.target.closest('.file') : null
    for (const file of given) {
      const named = zone && given.length === 1 ? zone.htmlFor : null
      const name = named || (isCharter(new Uint8Array(await file.arrayBuffer())) ? 'charter' : 'proof')
      await take(name, file)
    }
    await judge()
  }

  async function begin() {
    const why = await QuartetVerify.unable()
    if (why) {
      at('unable').hidden = false
      at('unable').textContent = CANNOT[why]
      document.querySelector('.files').hidden = true
      return
    }
    for (const name of ['proof', 'charter']) {
      at(name).addEventListener('change', async () => {
        if (!at(name).files.length) return
        await take(name, at(name).files[0])
        await judge()
      })
    }
    document.addEventListener('dragover', (event) => {
      event.preventDefault()
      document.body.classList.add('over')
    })
    document.addEventListener('dragleave', () => document.body.classList.remove('over'))
    document.addEventListener('drop', dropped)
  }

  begin()
})()
