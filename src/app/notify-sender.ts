/** Hands one message to the service manager: lines of `NAME=value`. Rejects when it cannot be told. */
export type NotifySender = (text: string) => Promise<void>;
