import { quote } from "../strconv/quote.ts";
import { GoError } from "../values/index.ts";

/** The parts of a URL, which differ in what they may hold unescaped (Go's net/url, type encoding). */
export type UrlPart = "path" | "host" | "zone" | "user" | "fragment";

const plainEverywhere = /[0-9A-Za-z\-_.~]/;
const plainIn: Readonly<Record<UrlPart, RegExp>> = {
  path: /[$&+,/:;=@]/,
  host: /[!$&'()*+,;=:[\]<>"]/,
  zone: /[!$&'()*+,;=:[\]<>"]/,
  user: /[$&+,;=]/,
  fragment: /[$&+,/:;=?@!()*]/,
};

function needsEscape(byte: string, part: UrlPart): boolean {
  return !plainEverywhere.test(byte) && !plainIn[part].test(byte);
}

/** Percent-encodes what the part may not hold (net/url, escape). */
export function escapeUrl(text: string, part: UrlPart): string {
  let out = "";
  for (const byte of text)
    out += needsEscape(byte, part)
      ? `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`
      : byte;
  return out;
}

/** What an escape of a host or zone may stand for: a host escapes only what is not ASCII, a zone what it must. */
function isEscapeAllowed(escaped: string, byte: string, part: UrlPart): boolean {
  if (escaped === "%25") return true;
  if (part === "host") return byte >= "\x80";
  return part !== "zone" || byte === " " || !needsEscape(byte, "host");
}

/**
 * Reads percent-escapes (net/url, unescape).
 * @throws GoError for a malformed escape, and for characters that no host holds
 */
export function unescapeUrl(text: string, part: UrlPart): string {
  let out = "";
  for (let at = 0; at < text.length; ) {
    const byte = text[at] as string;
    if (byte !== "%") {
      if ((part === "host" || part === "zone") && byte < "\x80" && needsEscape(byte, part))
        throw new GoError(`invalid character ${quote(byte)} in host name`);
      out += byte;
      at++;
      continue;
    }
    const escaped = text.slice(at, at + 3);
    const meant = /^%[0-9a-fA-F]{2}$/.test(escaped)
      ? String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
      : undefined;
    if (meant === undefined || !isEscapeAllowed(escaped, meant, part))
      throw new GoError(`invalid URL escape ${quote(escaped)}`);
    out += meant;
    at += 3;
  }
  return out;
}
