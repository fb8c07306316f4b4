import { Command, Errors, Flags } from '@oclif/core';
import { InvalidFileError } from '../core/plan/diagnostic.js';
import { type ErrorReport, SyncError, reportError } from '../core/errors.js';
import { type ExitName, exitCodeOf } from '../core/exit-codes.js';
import { renderDiagnostics } from '../render/diagnostics.js';
import { renderError } from '../render/error.js';
import type { Look } from '../render/paint.js';
import { printLines } from '../render/print-lines.js';
import { type Composition, compose } from './services/compose.js';
import { guardOutput, reportLostOutput, writeDocument, writeNotice, writeResult } from './frame/output.js';
import type { Screen } from './frame/screen.js';
import { type UsageProblem, describeUsageError } from './frame/usage-error.js';
import { type Environment, forbidColor, lookOf, readEnvironment } from './frame/environment.js';

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

  override async init(): Promise<void> {
    guardOutput();
    await super.init();
  }

  override async run(): Promise<void> {
    if (this.hasFlag('--no-color')) forbidColor();
    process.exitCode = exitCodeOf(await this.perform());
  }

  /** The composition root for this call; adapters are loaded as they are asked for. */
  protected compose(flags: { readonly config?: string | undefined }): Composition {
    this.composition ??= compose(
      { environment: this.environment, notice: (line) => this.notice(line) },
      flags.config,
    );
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
    writeResult(printLines(lines, this.outputLook()));
  }

  protected printJson(kind: string, payload: object): void {
    writeDocument({ kind, ok: true, ...payload });
  }

  /** A line for the person, on stderr. */
  protected notice(line: string): void {
    if (!this.isQuiet()) writeNotice(printLines([line], this.errorLook()));
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
      writeDocument({ kind: 'error', ok: false, error: { ...report, exit_code: exitCode, diagnostics } });
      return Promise.resolve();
    }
    const lines =
      diagnostics.length > 0
        ? renderDiagnostics(diagnostics, this.errorLook())
        : renderError(
            report as ErrorReport,
            this.errorLook(),
            thrown instanceof SyncError ? thrown.lines : undefined,
          );
    const stack = (thrown.stack ?? '').split('\n');
    const isTraced = report.code === 'BUG' || this.environment.variables['DEBUG'];
    writeNotice(printLines(isTraced ? [...lines, ...stack] : lines, this.errorLook()));
    return Promise.resolve();
  }

  override async finally(): Promise<void> {
    await this.composition?.close();
    await reportLostOutput();
    if (this.composition?.person.hasAbandonedWork()) process.exit();
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
