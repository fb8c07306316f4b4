/** An SSH host as ssh is told, or why the text is none, in words that do not repeat it. */
export type SshHostReading =
  { readonly host: string; readonly user?: string; readonly port?: string } | { readonly problem: string };

// ssh hands user and host to the shell of a ProxyCommand, and takes what begins with "-" for an option.
const SSH_HOST =
  /^(?:([A-Za-z0-9_][A-Za-z0-9_.+@-]*)@)?(?:([A-Za-z0-9_][A-Za-z0-9_.-]*)|\[([0-9A-Fa-f:.]+)\])(?::(\d{1,5}))?$/;

/** Reads `[user@]host[:port]`; the host may be a name of the person's ssh config, an IPv6 address stands in brackets. */
export const readSshHost = (text: string): SshHostReading => {
  const [whole, user, name, bracketed, port] = SSH_HOST.exec(text) ?? [];
  const host = name ?? bracketed;
  if (whole === undefined || whole.length > 255 || host === undefined)
    return { problem: 'the SSH host must be [user@]host[:port], with letters, digits, "_", "." and "-"' };
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    return { problem: 'the port of the SSH host must be from 1 to 65535' };
  return { host, ...(user !== undefined && { user }), ...(port !== undefined && { port }) };
};
