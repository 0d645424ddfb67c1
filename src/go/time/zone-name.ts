/** Whether a number after a sign is a whole-hour offset below 24; its length with the sign, else 0. */
function signedOffsetLength(text: string): number {
  const match = /^[+-](\d+)/.exec(text);
  return match && Number(match[1]) <= 23 ? match[0].length : 0;
}

/**
 * Bytes of the time zone abbreviation at the start of `text`, 0 where there is none (time.parseTimeZone): three
 * capitals, four or five that end in T, and a few that follow no rule.
 */
export function zoneNameLength(text: string): number {
  if (text.length < 3) return 0;
  if (/^(?:Ch|Me)ST/.test(text)) return 4;
  if (text.startsWith("GMT")) return 3 + signedOffsetLength(text.slice(3));
  if (/^[+-]/.test(text)) return signedOffsetLength(text);
  const capitals = /^[A-Z]{0,6}/.exec(text)?.[0] ?? "";
  if (capitals.length === 3) return 3;
  if (capitals.length === 5) return capitals.endsWith("T") ? 5 : 0;
  return capitals.length === 4 && (capitals.endsWith("T") || capitals === "WITA") ? 4 : 0;
}
