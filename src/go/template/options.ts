import { duration, durationType } from "../duration-type.ts";
import { signalText } from "../signals.ts";
import { encodeUtf8 } from "../values/bytes.ts";
import { int, integerOf, listOfStrings, scalar } from "../values/construct.ts";
import { type GoMethod, GoStruct, type GoType } from "../values/model.ts";
import { intType, stringSliceType, stringType } from "../values/types.ts";

/** Where a stream goes, as templates see it. */
export interface TemplateOutputTarget {
  readonly type: string;
  readonly file?: string | undefined;
}

/** What the templates of a process see as `.`: the Go module's Options. */
export interface TemplateData {
  readonly command: string;
  /** From 0. */
  readonly replica: number;
  readonly args: readonly string[];
  readonly dir: string;
  /** `KEY=VALUE`. */
  readonly env: readonly string[];
  readonly redirectStdout: TemplateOutputTarget;
  readonly redirectStderr: TemplateOutputTarget;
  readonly restartPolicy: string;
  /** Nanoseconds. */
  readonly terminationGracePeriod: bigint;
  /** Empty: as the supervisor. */
  readonly user: string;
  readonly stopSignal: number;
}

const signalMethods: readonly GoMethod[] = [
  // os.Signal's marker method: it has no result, so templates cannot call it.
  { name: "Signal", signature: "func()", call: () => null },
  {
    name: "String",
    signature: "func() string",
    call: (receiver) => signalText(Number(integerOf(receiver) ?? 0n)),
  },
];

const signalType: GoType = {
  kind: "int",
  name: "syscall.Signal",
  methods: new Map(signalMethods.map((method) => [method.name, method])),
};
const anySignalType: GoType = { kind: "interface", name: "os.Signal" };
const restartPolicyType: GoType = { kind: "string", name: "supervisor.RestartPolicy" };

const outputTargetType: GoType = {
  kind: "struct",
  name: "supervisor.OutputTarget",
  fields: [
    { name: "Type", type: stringType, json: "type,omitempty" },
    { name: "File", type: stringType, json: "file,omitempty" },
  ],
};

const optionsType: GoType = {
  kind: "struct",
  name: "supervisor.Options",
  fields: [
    { name: "Command", type: stringType },
    { name: "Replica", type: intType },
    { name: "Args", type: stringSliceType },
    { name: "Dir", type: stringType },
    { name: "Env", type: stringSliceType },
    { name: "RedirectStdout", type: outputTargetType },
    { name: "RedirectStderr", type: outputTargetType },
    { name: "RestartPolicy", type: restartPolicyType },
    { name: "TerminationGracePeriod", type: durationType },
    { name: "User", type: stringType },
    { name: "StopSignal", type: anySignalType },
  ],
};

function outputTarget({ type, file = "" }: TemplateOutputTarget): GoStruct {
  return new GoStruct(outputTargetType, [encodeUtf8(type), encodeUtf8(file)], undefined);
}

/** The options of a replica as the Go struct that the module gives to its templates. */
export function optionsStruct(options: TemplateData): GoStruct {
  const fields = [
    encodeUtf8(options.command),
    int(options.replica),
    listOfStrings(options.args.map(encodeUtf8)),
    encodeUtf8(options.dir),
    listOfStrings(options.env.map(encodeUtf8)),
    outputTarget(options.redirectStdout),
    outputTarget(options.redirectStderr),
    scalar(restartPolicyType, encodeUtf8(options.restartPolicy)),
    duration(options.terminationGracePeriod),
    encodeUtf8(options.user),
    scalar(signalType, BigInt(options.stopSignal)),
  ];
  return new GoStruct(optionsType, fields, undefined);
}
