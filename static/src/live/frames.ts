// Server-Sent Events, from bytes to frames. Pure; used by stream.ts. The browser's own EventSource hides the comments
// that prove a quiet line is alive, so the board reads the stream itself.

export interface Frame {
  event: string;
  data: string;
  id: string | null;
}

export interface Parsed {
  frames: Frame[];
  /** What has not ended yet; to be put before the next chunk. */
  rest: string;
}

/** Splits decoded text at blank lines. Comments (`: ping`) make no frame. */
export function parseFrames(text: string): Parsed {
  const blocks = text.replace(/\r\n?/g, '\n').split('\n\n');
  const rest = blocks.pop() ?? '';
  const frames: Frame[] = [];
  for (const block of blocks) {
    const frame: Frame = { event: 'message', data: '', id: null };
    const data: string[] = [];
    for (const line of block.split('\n')) {
      if (!line || line.startsWith(':')) continue;
      const colon = line.indexOf(':');
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (name === 'data') data.push(value);
      else if (name === 'event') frame.event = value;
      else if (name === 'id') frame.id = value;
    }
    if (data.length) frames.push({ ...frame, data: data.join('\n') });
  }
  return { frames, rest };
}

/** How long to wait before the n-th try (from 0): doubling from half a second to 15 s, spread so that boards that fell together do not rise together. */
export function backOffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(15_000, 500 * 2 ** attempt);
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}
