// What a program holds at rest: it is looked at until several looks in a row agree, and their median counts.
import { setTimeout as after } from "node:timers/promises";
import { median } from "../../benchmarks/statistics.mjs";
import { isSize } from "./bounds.mjs";
import { objectsIn } from "./objects.mjs";

/** Longer in all than what comes later by itself: a search for escaped processes follows each end within a second. */
const looksThatAgree = 3;
const betweenLooks = 500;
const mostLooks = 20;

/** Where it never comes to rest, the last looks have to do. */
export async function atRest(subject) {
  subject.hangUp();
  const looks = [];
  for (let each = 0; each < mostLooks; each++) {
    looks.push(await subject.ask("look"));
    const last = looks.slice(-looksThatAgree);
    if (last.length === looksThatAgree && last.every((look) => agree(look, last[0]))) break;
    await after(betweenLooks);
  }
  const last = looks.slice(-looksThatAgree);
  const names = [...new Set(last.flatMap((look) => Object.keys(look)))];
  const held = names.map((name) => [name, median(last.map((look) => look[name] ?? 0))]);
  return { objects: objectsIn(await subject.ask("snapshot")), ...Object.fromEntries(held) };
}

function agree(one, other) {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return names.every((name) => isSize(name) || one[name] === other[name]);
}
