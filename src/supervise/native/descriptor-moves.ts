/** Which of our descriptors a program finds as its stdin, stdout and stderr; `ignore`: /dev/null. */
export type Descriptors = readonly [number | "ignore", number | "ignore", number | "ignore"];

/** What a new process does with its descriptors, in this order, before it becomes its program. */
export type DescriptorMove =
  | { readonly kind: "null"; readonly to: number }
  | { readonly kind: "duplicate"; readonly from: number; readonly to: number }
  | { readonly kind: "close"; readonly descriptor: number };

const standard = 3;
/** No limit forbids these (RLIMIT_NOFILE), and what of ours bears them a new process does not need. Of six, three are free. */
const lowNumbers = [3, 4, 5, 6, 7, 8];

/**
 * One step after the other: so that none overwrites what a later one still needs (our stderr may be its stdout, and the other
 * way round), what comes from one of the three itself goes aside first.
 */
export function descriptorMoves(descriptors: Descriptors): DescriptorMove[] {
  const free = lowNumbers.filter((each) => !descriptors.includes(each));
  const needsRoom = (from: number | "ignore", to: number) =>
    from !== "ignore" && from < standard && from !== to;
  const aside = [...descriptors.keys()].filter((to) => needsRoom(descriptors[to] as number, to));
  return [
    ...aside.map(
      (to): DescriptorMove => ({
        kind: "duplicate",
        from: descriptors[to] as number,
        to: free[to] as number,
      }),
    ),
    ...descriptors.map((from, to): DescriptorMove => {
      if (from === "ignore") return { kind: "null", to };
      return { kind: "duplicate", from: aside.includes(to) ? (free[to] as number) : from, to };
    }),
    ...aside.map((to): DescriptorMove => ({ kind: "close", descriptor: free[to] as number })),
  ];
}
