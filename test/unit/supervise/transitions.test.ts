import { describe, expect, it } from "vitest";
import { events, states, transitions } from "../../../src/supervise/transitions.ts";

describe("the table", () => {
  it("fills every cell", () => {
    for (const state of states) {
      for (const event of events) expect(transitions[state][event], `${state} × ${event}`).toBeDefined();
    }
  });

  it("leads from every state to every other", () => {
    for (const from of states) {
      const reached = new Set([from]);
      for (const state of reached) for (const event of events) reached.add(transitions[state][event].next);
      expect([...reached].sort(), `from ${from}`).toEqual([...states].sort());
    }
  });

  it("changes nothing on an impossible event", () => {
    for (const state of states) {
      for (const event of events) {
        const { next, effects, impossible } = transitions[state][event];
        if (impossible) expect({ next, effects }).toEqual({ next: state, effects: [] });
      }
    }
  });

  it("spawns only into starting, so that a replica has one process at most", () => {
    for (const state of states) {
      for (const event of events) {
        const { next, effects } = transitions[state][event];
        expect(effects.includes("spawn"), `${state} × ${event}`).toBe(
          next === "starting" && state !== "starting",
        );
      }
    }
  });

  it("reaches idle after a stop only through a sweep, unless nothing ever ran", () => {
    for (const state of states.filter((name) => name !== "idle")) {
      for (const event of events) {
        if (transitions[state][event].next === "idle") expect(state).toBe("sweeping");
      }
    }
  });

  it("answers a stop in every state", () => {
    for (const state of states) {
      expect(transitions[state].stop.impossible, state).toBeUndefined();
      expect(transitions[state].kill.impossible, state).toBeUndefined();
    }
  });
});
