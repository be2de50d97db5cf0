/** Ask the page's own code about files and places: a JSON line of questions comes in, one of answers goes out. */

import { readFileSync } from "node:fs";
import { look, stripped } from "../../frontend/src/lib/files/picture.ts";
import { nameOf } from "../../frontend/src/lib/files/tree.ts";
import { mgrs } from "../../frontend/src/pages/map/view/mgrs.ts";

type Question =
  { ask: "name" | "look" | "strip"; file: string; type: string } | Place;
type Place = { ask: "grid"; lat: number; lon: number };

async function answer(question: Question): Promise<unknown> {
  if (question.ask === "grid") return mgrs(question.lat, question.lon);
  const { ask, file, type } = question;
  const blob = new Blob([Buffer.from(file, "base64")], { type });
  if (ask === "name") return nameOf(blob, () => {});
  if (ask === "look") return look(blob);
  const left = await stripped(blob);
  return Buffer.from(await left.arrayBuffer()).toString("base64");
}

const questions = JSON.parse(readFileSync(0, "utf8")) as Question[];
process.stdout.write(JSON.stringify(await Promise.all(questions.map(answer))));
