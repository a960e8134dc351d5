// A text cut at its links, so that a long link can be shown short and followed. Pure.

export interface Piece {
  text: string;
  /** Where it leads, for a link to this house. */
  href?: string;
}

const LINK = /https?:\/\/[^\s]+/g;
/** A signed link is long; its beginning tells what it is for. */
const SHOWN = 14;

/** Links of the house's own pages (`/t/…`, `/track/…`) become paths here, since the public address may lead elsewhere. */
export function pieces(body: string): Piece[] {
  const out: Piece[] = [];
  let at = 0;
  for (const match of body.matchAll(LINK)) {
    if (match.index > at) out.push({ text: body.slice(at, match.index) });
    const path = /^https?:\/\/[^/]+(\/(?:t|track)\/\S+)$/.exec(match[0])?.[1];
    if (path) {
      const [, kind, token = ''] = path.split('/');
      out.push({ text: `…/${kind}/${token.length > SHOWN ? `…${token.slice(-SHOWN)}` : token}`, href: path });
    } else {
      out.push({ text: match[0] });
    }
    at = match.index + match[0].length;
  }
  if (at < body.length) out.push({ text: body.slice(at) });
  return out;
}
