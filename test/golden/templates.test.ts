import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { executeOptions, type TemplateData } from "../../src/go/template/index.ts";
import { type Outcome, outcomeOf, readVectors } from "./read-vectors.ts";

interface Line {
  template: string;
  replica: number;
  output?: string;
  error?: string;
  category: string;
  env?: Record<string, string>;
}

const { templates: floor } = JSON.parse(
  readFileSync(new URL("floors.json", import.meta.url), "utf8"),
) as Record<string, number>;

function dataOf(replica: number): TemplateData {
  return {
    command: "php-fpm",
    replica,
    args: ["--nodaemonize", "-y", "/etc/php/fpm.conf"],
    dir: "/srv/app",
    env: ["APP_ENV=production", "DEBUG=false"],
    redirectStdout: { type: "file", file: "/var/log/out.log" },
    redirectStderr: { type: "stderr", file: "" },
    restartPolicy: "always",
    terminationGracePeriod: 10_000_000_000n,
    user: "www-data",
    stopSignal: 2,
  };
}

function run(line: Line): Outcome<string> {
  try {
    return outcomeOf(() =>
      executeOptions(line.template, dataOf(line.replica), { env: line.env ?? {}, timeZone: "UTC" }),
    );
  } catch (error) {
    return { error: `${error}` };
  }
}

describe("Go's text/template with sprig", () => {
  const lines = readVectors<Line>("templates.jsonl");
  const categories = [...new Set(lines.map((line) => line.category))].sort();
  const faults: string[] = [];
  const report = categories.map((category) => {
    const own = lines.filter((line) => line.category === category);
    const wrong = own.filter((line) => {
      const outcome = run(line);
      return outcome.value !== line.output || outcome.error !== line.error;
    });
    for (const line of wrong) {
      faults.push(
        `${category} ${JSON.stringify(line.template)}\n  want ${JSON.stringify(line.output ?? line.error)}\n  got  ${JSON.stringify(run(line))}`,
      );
    }
    return `${category}: ${own.length - wrong.length} of ${own.length}`;
  });

  it("agrees with the real programs on at least the recorded number of vectors", () => {
    const passed = lines.length - faults.length;
    const details = `${report.join("\n")}\ntemplates: ${passed} of ${lines.length}\n\n${faults.join("\n")}`;
    if (faults.length > 0) console.log(details);
    expect(passed, details).toBeGreaterThanOrEqual(floor ?? lines.length);
  });
});
