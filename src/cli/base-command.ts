import { Command, Errors, Flags } from '@oclif/core';
import { InvalidFileError } from '../core/diagnostic.js';
import { type ErrorReport, SyncError, reportError } from '../core/errors.js';
import { type ExitName, exitCodeOf } from '../core/exit-codes.js';
import { renderDiagnostics } from '../render/diagnostics.js';
import { renderError } from '../render/error.js';
import { fitLines } from '../render/fit-lines.js';
import type { Look } from '../render/look.js';
import { type Composition, compose } from './compose.js';
import type { Screen } from './screen.js';
import { type UsageProblem, describeUsageError } from './usage-error.js';
import { type Environment, forbidColor, lookOf, readEnvironment } from './environment.js';

/**
 * What every command shares: the global flags, stdout for the result and stderr for all else, errors as text or
 * JSON with their exit code. A command parses, calls the composition, prints, and returns the name of its exit.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = {
    json: Flags.boolean({ description: 'Print one JSON document on stdout.', helpGroup: 'GLOBAL' }),
    input: Flags.boolean({
      description: 'Ask questions when a terminal is there (--no-input never asks).',
      allowNo: true,
      default: true,
      helpGroup: 'GLOBAL',
    }),
    color: Flags.boolean({
      description: 'Colour the text when the terminal can (--no-color never does).',
      allowNo: true,
      default: true,
      helpGroup: 'GLOBAL',
    }),
    quiet: Flags.boolean({ char: 'q', description: 'Print results and errors only.', helpGroup: 'GLOBAL' }),
    verbose: Flags.boolean({ char: 'v', description: 'Print more of what happens.', helpGroup: 'GLOBAL' }),
    config: Flags.string({ description: 'Config file to read.', helpValue: 'FILE', helpGroup: 'GLOBAL' }),
  };

  protected readonly environment: Environment = readEnvironment();
  private composition: Composition | undefined;

  /** The work of the command. */
  protected abstract perform(): Promise<ExitName>;

  override async run(): Promise<void> {
    if (this.hasFlag('--no-color')) forbidColor();
    process.exitCode = exitCodeOf(await this.perform());
  }

  /** The composition root for this call; adapters are loaded as they are asked for. */
  protected compose(flags: { readonly config?: string | undefined }): Composition {
    this.composition ??= compose(this.environment, flags.config, (line) => {
      this.notice(line);
    });
    return this.composition;
  }

  /** May a prompt be shown? A terminal on stdin and stderr, no CI, no `--no-input`, no `--json`. */
  protected canPrompt(): boolean {
    return this.environment.canPrompt && !this.hasFlag('--no-input') && !this.hasFlag('--json');
  }

  /** This command's streams for the parts of its work that live outside it. */
  protected screen(): Screen {
    return {
      format: this.hasFlag('--json') ? 'json' : 'text',
      output: this.outputLook(),
      error: this.errorLook(),
      isQuiet: this.isQuiet(),
      canPrompt: this.canPrompt(),
      print: (lines) => this.print(lines),
      printJson: (kind, payload) => this.printJson(kind, payload),
      notice: (line) => this.notice(line),
    };
  }

  protected outputLook(): Look {
    return lookOf(process.stdout, this.environment.variables, this.hasFlag('--no-color') ? 'never' : 'auto');
  }

  protected errorLook(): Look {
    return lookOf(process.stderr, this.environment.variables, this.hasFlag('--no-color') ? 'never' : 'auto');
  }

  protected print(lines: readonly string[]): void {
    if (lines.length > 0) process.stdout.write(`${fitLines(lines, this.outputLook()).join('\n')}\n`);
  }

  protected printJson(kind: string, payload: object): void {
    process.stdout.write(
      `${JSON.stringify({ format_version: '1.0', kind, ok: true, ...payload }, undefined, 2)}\n`,
    );
  }

  /** A line for the person, on stderr. */
  protected notice(line: string): void {
    if (!this.isQuiet()) process.stderr.write(`${fitLines([line], this.errorLook()).join('\n')}\n`);
  }

  override async catch(thrown: Error & { oclif?: { exit?: number } }): Promise<void> {
    if (thrown instanceof Errors.ExitError) throw thrown;
    const isUsage = thrown instanceof Errors.CLIError;
    const report: ErrorReport | { code: 'USAGE'; message: string; hints: readonly string[] } = isUsage
      ? { code: 'USAGE', ...this.describeUsage(thrown.message) }
      : reportError(thrown);
    const exitCode = isUsage
      ? exitCodeOf('usage')
      : thrown instanceof SyncError
        ? thrown.exitCode
        : exitCodeOf('unexpected');
    process.exitCode = exitCode;
    const diagnostics = thrown instanceof InvalidFileError ? thrown.diagnostics : [];
    if (this.hasFlag('--json')) {
      const error = { ...report, exit_code: exitCode, diagnostics };
      process.stdout.write(
        `${JSON.stringify({ format_version: '1.0', kind: 'error', ok: false, error }, undefined, 2)}\n`,
      );
      return Promise.resolve();
    }
    const lines =
      diagnostics.length > 0
        ? renderDiagnostics(diagnostics, this.errorLook())
        : renderError(report as ErrorReport, this.errorLook());
    process.stderr.write(`${fitLines(lines, this.errorLook()).join('\n')}\n`);
    if (report.code === 'BUG' || this.environment.variables['DEBUG'])
      process.stderr.write(`${thrown.stack ?? ''}\n`);
    return Promise.resolve();
  }

  override async finally(): Promise<void> {
    await this.composition?.close();
    if (this.composition?.hasAbandonedWork) process.exit();
  }

  private describeUsage(message: string): UsageProblem {
    const flags = { ...this.ctor.baseFlags, ...this.ctor.flags };
    return describeUsageError(message, this.id?.replaceAll(':', ' ') ?? '', flags);
  }

  private isQuiet(): boolean {
    return this.hasFlag('--quiet') || this.hasFlag('-q');
  }

  /** Global flags are read from argv here because errors can come before it is parsed. */
  private hasFlag(flag: string): boolean {
    const end = this.argv.indexOf('--');
    return (end === -1 ? this.argv : this.argv.slice(0, end)).includes(flag);
  }
}
