import { describe, expect, it } from "vitest";
import { definitionFromJson, definitionsFromApp } from "../../../src/config/definition-json.ts";

describe("definitionFromJson", () => {
  it("converts every key", () => {
    expect(
      definitionFromJson({
        command: ["php-fpm", "-F"],
        replicas: 3,
        dir: "/srv",
        env: { K: "v" },
        redirect_stdout: { type: "file", file: "/o" },
        redirect_stderr: { type: "null" },
        restart_policy: "never",
        termination_grace_period: "30s",
        user: "www-data",
        stop_signal: "SIGQUIT",
      }),
    ).toEqual({
      command: ["php-fpm", "-F"],
      replicas: 3,
      dir: "/srv",
      env: { K: "v" },
      redirectStdout: { type: "file", file: "/o" },
      redirectStderr: { type: "null" },
      restartPolicy: "never",
      terminationGracePeriod: "30s",
      user: "www-data",
      stopSignal: "SIGQUIT",
    });
  });

  it("takes keys in any case and null for absent, as Go does", () => {
    expect(definitionFromJson({ Command: ["a"], REPLICAS: 2, dir: null })).toEqual({
      command: ["a"],
      replicas: 2,
    });
  });

  it.each([
    [{ bogus: 1 }, 'json: unknown field "bogus"'],
    [
      { replicas: "3" },
      "json: cannot unmarshal string into Go struct field Definition.supervise.replicas of type int",
    ],
    [
      { replicas: 1.5 },
      "json: cannot unmarshal number 1.5 into Go struct field Definition.supervise.replicas of type int",
    ],
    [
      { dir: 1 },
      "json: cannot unmarshal number into Go struct field Definition.supervise.dir of type string",
    ],
    [
      { command: "a" },
      "json: cannot unmarshal string into Go struct field Definition.supervise.command of type []string",
    ],
    [
      { command: [true] },
      "json: cannot unmarshal bool into Go struct field Definition.supervise.command of type string",
    ],
    [
      { env: [] },
      "json: cannot unmarshal array into Go struct field Definition.supervise.env of type map[string]string",
    ],
    [
      { redirect_stdout: { type: 1 } },
      "json: cannot unmarshal number into Go struct field OutputTarget.supervise.redirect_stdout.type of type string",
    ],
    [{ redirect_stdout: { bogus: "" } }, 'json: unknown field "bogus"'],
  ])("refuses %j in Go's words", (json, message) => {
    expect(() => definitionFromJson(json)).toThrow(message);
  });

  it("does not reach for a prototype", () => {
    const { env } = definitionFromJson(JSON.parse('{"command":["a"],"env":{"__proto__":"x"}}'));
    expect(Object.entries(env ?? {})).toEqual([["__proto__", "x"]]);
    expect(() => definitionFromJson(JSON.parse('{"__proto__":1}'))).toThrow("unknown field");
  });
});

describe("definitionsFromApp", () => {
  it("takes an empty app", () => {
    expect(definitionsFromApp({})).toEqual([]);
  });

  it.each([
    [[], "json: cannot unmarshal array into Go value of type supervisor.App"],
    [{ bogus: [] }, 'json: unknown field "bogus"'],
    [
      { supervise: {} },
      "json: cannot unmarshal object into Go struct field App.supervise of type []supervisor.Definition",
    ],
    [
      { supervise: ["a"] },
      "json: cannot unmarshal string into Go struct field App.supervise of type supervisor.Definition",
    ],
  ])("refuses %j", (json, message) => {
    expect(() => definitionsFromApp(json)).toThrow(message);
  });
});
