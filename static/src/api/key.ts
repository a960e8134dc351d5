// A fresh key for a write, so that the server takes it once however often it is sent.
// `randomUUID` exists only behind TLS or on localhost; a house may well serve its own network without.
export function freshKey(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
