/**
 * The suite cannot judge anything: a message for whoever runs it, and the exit code that says
 * why. 2: asked for something that does not exist. 3: broken records. 4: a service is missing.
 */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
  readonly exitCode: 2 | 3 | 4;

  constructor(exitCode: 2 | 3 | 4, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
