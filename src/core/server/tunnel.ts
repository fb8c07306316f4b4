/** A way through an SSH host to one port. One serves all connections to it. */
export interface Tunnel {
  /** The path of the local socket that leads to the port; opens the tunnel unless it is open. Rejects with CONN_SSH. */
  open(): Promise<string>;
  /** What ssh said since the tunnel was opened, on one line and printable; empty when it said nothing. */
  lastWords(): Promise<string>;
}
