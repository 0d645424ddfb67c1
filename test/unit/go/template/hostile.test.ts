import { describe, expect, it } from "vitest";
import { SupervisorError } from "../../../../src/errors.ts";
import { execute } from "../../../../src/go/template/index.ts";

/** Generous: the slowest takes seconds, and several times that on a busy machine of two cores. */
const longest = 60_000;

const big = '{{ $b := repeat 1000 "a" | repeat 16000 }}';
/** Lists in lists, thirty times: a thousand million in the end, of thirty in memory. */
const unfolding = "{{ $l := list 1 }}{{ range 30 }}{{ $l = list $l $l }}{{ end }}";
const deep = "{{ $l := list }}{{ $m := list }}{{ range 5000 }}{{ $l = list $l }}{{ $m = list $m }}{{ end }}";
const cyclic = "{{ $d := dict }}{{ $_ := set $d `d` $d }}{{ $e := dict }}{{ $_ := set $e `d` $e }}";
const unfoldingMaps =
  "{{ $l := dict `x` 1 }}{{ $m := dict `x` 1 }}{{ range 40 }}{{ $l = dict `a` $l `b` $l }}{{ $m = dict `a` $m `b` $m }}{{ end }}";

const steps = "exceeded maximum number of steps (2000000)";
const levels = "value is nested deeper than 500 levels";

function failure(text: string): string {
  try {
    execute(text, {}, { env: {} });
  } catch (error) {
    if (error instanceof SupervisorError && error.code === "TEMPLATE") return error.message;
    throw error;
  }
  return "nothing failed";
}

describe("hostile templates end soon, with an error that says why", { timeout: longest }, () => {
  it.each([
    ["{{ range 9223372036854775807 }}{{ end }}", steps],
    [
      "{{ define `a` }}{{ range 10000 }}{{ range 10000 }}{{ end }}{{ end }}{{ end }}{{ template `a` }}{{ template `a` }}",
      steps,
    ],
    ["{{ define `a` }}{{ template `a` }}{{ template `a` }}{{ end }}{{ template `a` }}", "template depth"],
    ["{{ range 100000 }}{{ $_ := genCA `a` 1 }}{{ end }}", steps],
    ["{{ range 100000 }}{{ $_ := genPrivateKey `ecdsa` }}{{ end }}", steps],
    ["{{ range 100000 }}{{ $_ := derivePassword 1 `long` `a` `b` `c` }}{{ end }}", steps],
    ["{{ range 100000 }}{{ $_ := htpasswd `a` `b` }}{{ end }}", steps],
    ["{{ range 100000 }}{{ $_ := encryptAES `a` `b` }}{{ end }}", steps],
    ["{{ range 100000 }}{{ $_ := printf `%1000000d` 1 }}{{ end }}", steps],
    ["{{ range 100000 }}{{ $_ := printf `%.1000000f` 1.5 }}{{ end }}", steps],
    [`${big}{{ range 10000 }}{{ $_ := upper $b }}{{ end }}`, steps],
    [`${big}{{ range 10000 }}{{ $_ := sha256sum $b }}{{ end }}`, steps],
    [`${big}{{ snakecase $b }}`, steps],
    [`${big}{{ regexFindAll "(a?){50}b" $b -1 }}`, steps],
    ["{{ $l := until 1000000 }}{{ range 10000 }}{{ $_ := reverse $l }}{{ end }}", steps],
    ["{{ $l := until 1000000 }}{{ range 10000 }}{{ $_ := sortAlpha $l }}{{ end }}", steps],
    ["{{ uniq (until 100000) }}", steps],
    ["{{ semverCompare (repeat 100000 ` `) `1.0.0` }}", steps],
    ["{{ repeat 1000000000 `x` }}", "result exceeds 16777216 bytes"],
    ["{{ indent 10000 (repeat 100000 `\n`) }}", "result exceeds 16777216 bytes"],
    ["{{ seq 1 100000000000 }}", "result exceeds 1000000 elements"],
    [
      "{{ expandenv (repeat 1000000 `$A`) | repeat 20000000000 }}x{{ repeat 9000000000 `ab` }}",
      "result exceeds",
    ],
  ])("%s", (text, message) => {
    expect(failure(text)).toContain(message);
  });

  it.each(["toJson", "toRawJson", "mustToJson", "deepCopy", "mustDeepCopy", "print", "quote", "toString"])(
    "%s of a list that unfolds",
    (name) => {
      expect(failure(`${unfolding}{{ ${name} $l }}`)).toMatch(/exceeded maximum number of steps|too large/);
    },
  );
  it("toPrettyJson of a list that unfolds", () => {
    expect(failure(`${unfolding}{{ toPrettyJson $l }}`)).toContain("result exceeds");
  });
  it.each(["toJson $l", "deepCopy $l", "deepEqual $l $m", "has $l (list $m)", "print $l", "toRawJson $l"])(
    "%s of lists that are deep",
    (call) => {
      expect(failure(`${deep}{{ ${call} }}`)).toContain(levels);
    },
  );
  it.each(["deepCopy $d", "print $d", "merge $d $e", "mustMergeOverwrite $d $e", "quote $d"])(
    "%s of maps that hold themselves",
    (call) => {
      expect(failure(`${cyclic}{{ ${call} }}`)).toContain(levels);
    },
  );
  it.each(["merge $l $m", "mergeOverwrite $l $m"])("%s of maps that unfold", (call) => {
    expect(failure(`${unfoldingMaps}{{ ${call} }}`)).toContain(steps);
  });

  it("comparing what is shared or holds itself has an answer", () => {
    const shared = `${unfolding}{{ $n := list 1 }}{{ range 30 }}{{ $n = list $n $n }}{{ end }}`;
    expect(execute(`${shared}{{ deepEqual $l $n }}`, {})).toBe("true");
    expect(execute(`${cyclic}{{ deepEqual $d $e }}`, {})).toBe("true");
  });
  it("JSON of what holds itself is Go's answer", () => {
    expect(execute(`${cyclic}{{ toJson $d }}`, {})).toBe("");
    expect(failure(`${cyclic}{{ toRawJson $d }}`)).toContain(
      "encountered a cycle via map[string]interface {}",
    );
  });

  it.each([
    ["parentheses", `{{ ${"(".repeat(100_000)}1${")".repeat(100_000)} }}`],
    ["blocks", "{{ if 1 }}".repeat(100_000)],
    ["else if", `{{ if 0 }}${"{{ else if 0 }}".repeat(100_000)}{{ end }}`],
  ])("%s inside one another", (_, text) => {
    expect(failure(text)).toBe("template: supervisor:1: nested deeper than 200 levels");
  });

  it("long templates take time in proportion", () => {
    expect(execute(`{{ 1 ${"| add 1 ".repeat(50_000)}}}`, {})).toBe("50001");
    expect(execute(`a${" ".repeat(500_000)}b {{- 1 }}`, {})).toHaveLength(500_003);
  });

  it("regular expressions that explode elsewhere do not", () => {
    expect(execute("{{ regexMatch `(a*)*(a|aa)+$x` (repeat 50000 `a`) }}", {})).toBe("false");
  });

  it("a name that nobody knows is Go's error, not a wait", () => {
    expect(failure("{{ getHostByName `nobody.invalid` }}")).toContain(
      "error calling getHostByName: invalid argument to Intn",
    );
  });
});
