/** A host that can be connected to, or why the text is none, in words that do not repeat it. */
export type HostReading =
  | { readonly host: string }
  | { readonly problem: string; readonly parts?: { readonly host: string; readonly port: string } };

/** Reads a host as people write it: an IPv6 address may stand in brackets. */
export const readHost = (text: string): HostReading => {
  if (text.trim() === '') return { problem: 'the host is empty' };
  if (text.includes('://'))
    return { problem: 'the host is a URL: host, port and user each have a place of their own' };
  if (/[\p{Cc}\p{Cf}\p{Z}]/u.test(text))
    return { problem: 'the host has a blank or an invisible character in it, such as a line break' };
  if (text.startsWith('/')) return { problem: 'the host is a path: a socket has a place of its own' };
  if (/[/@\\?#]/.test(text)) return { problem: 'the host is neither a name nor an address' };
  const [, bracketed, name, port] = /^(?:\[([^[\]]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? name;
  if (host !== undefined && port !== undefined)
    return { problem: 'the host has a port in it: the port has a place of its own', parts: { host, port } };
  if (host !== undefined) return { host };
  // Several colons and no brackets: an IPv6 address.
  return /[[\]]/.test(text) || /^[^:]*:[^:]*$/.test(text)
    ? { problem: 'the host is neither a name nor an address' }
    : { host: text };
};
