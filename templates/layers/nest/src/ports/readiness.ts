/** What requests cannot be served without. */
export abstract class Readiness {
  /** Tells of each thing whether it is `ok`, or what is wrong with it. */
  abstract check(): Promise<Readonly<Record<string, string>>>;
}
