/** Ask the page's own code about files and places: a JSON line of questions comes in, one of answers goes out. */

import { readFileSync } from "node:fs";
import { look, stripped } from "../../frontend/src/lib/files/picture.ts";
import { nameOf } from "../../frontend/src/lib/files/tree.ts";
import { mgrs } from "../../frontend/src/pages/map/view/mgrs.ts";
import {
  answersOf,
  checksOf,
  marksIn,
  moved,
  segments,
} from "../../frontend/src/pages/tearline/checks.ts";

type Question =
  | { ask: "name" | "look" | "strip"; file: string; type: string }
  | Place
  | Pointed;
type Place = { ask: "grid"; lat: number; lon: number };
type Pointed = {
  ask: "checks";
  before: string;
  now: string;
  left: Parameters<typeof checksOf>[1];
};

/** What the page marks in a text, asks of it and answers, once she has typed on. */
function checks({ before, now, left }: Pointed): unknown {
  const texts = { title: "", text: now };
  const found = checksOf(texts, moved(before, now, left));
  const whys = Object.fromEntries(found.map((one) => [one.key, "CHANCE" as const]));
  return {
    words: found.map((one) => one.words),
    segments: segments(now, marksIn("text", found)),
    answers: answersOf(found, whys),
  };
}

async function answer(question: Question): Promise<unknown> {
  if (question.ask === "grid") return mgrs(question.lat, question.lon);
  if (question.ask === "checks") return checks(question);
  const { ask, file, type } = question;
  const blob = new Blob([Buffer.from(file, "base64")], { type });
  if (ask === "name") return nameOf(blob, () => {});
  if (ask === "look") return look(blob);
  const left = await stripped(blob);
  return Buffer.from(await left.arrayBuffer()).toString("base64");
}

const questions = JSON.parse(readFileSync(0, "utf8")) as Question[];
process.stdout.write(JSON.stringify(await Promise.all(questions.map(answer))));
