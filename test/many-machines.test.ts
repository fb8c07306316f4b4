import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { CORE_SCHEMA, load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT_CODES } from '../src/core/exit-codes.js';
import { SHARD_VARIABLES } from '../src/core/plan/shard.js';

/** Each recipe is what its engine's own schema says, and goes by the table of exit codes. */

const ROOT = resolve(import.meta.dirname, '..');
const RECIPES = join(ROOT, 'docs', 'guides', 'many-machines');
const read = (name: string): string => readFileSync(join(RECIPES, name), 'utf8');
const parse = (text: string): unknown => load(text, { schema: CORE_SCHEMA });

interface Parsed {
  readonly context: { readonly errors: { getErrors(): readonly { readonly message: string }[] } };
}
const GITLAB_SCHEMA = join(ROOT, 'node_modules/gitlab-ci-local/src/schema/schema.js');

const codesOf = (wanted: 'retry' | 'never'): readonly number[] =>
  Object.values(EXIT_CODES).flatMap((exit) => ('again' in exit && exit.again === wanted ? [exit.code] : []));

test('every recipe has a test', () => {
  expect(readdirSync(RECIPES).toSorted()).toEqual([
    'github-actions.yml',
    'gitlab-ci.yml',
    'kubernetes-cronjob.yaml',
    'kubernetes-job.yaml',
    'slurm.sh',
  ]);
});

describe('by the schemas of GitHub and GitLab', () => {
  type Check = (text: string) => Promise<readonly string[]>;

  /** The parser of GitHub itself. Its types are not needed, and Node 20 does not load its schema as it is written. */
  const byGithub =
    (name: 'parseWorkflow' | 'parseAction', module: string): Check =>
    async (content) => {
      const parser = (await import(module)) as Record<typeof name, (file: object, trace: object) => Parsed>;
      const trace = { error: () => undefined, info: () => undefined, verbose: () => undefined };
      const { context } = parser[name]({ name: 'file.yml', content }, trace);
      return context.errors.getErrors().map(({ message }) => message);
    };
  const workflow = byGithub('parseWorkflow', '@actions/workflow-parser');
  const asAction = byGithub('parseAction', '@actions/workflow-parser/actions/action-parser');

  /** The schema of GitLab's editor. */
  const pipeline: Check = async (text) => {
    const { schema } = (await import(GITLAB_SCHEMA)) as { readonly schema: object };
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
    const validate = ajv.compile(schema);
    validate(parse(text));
    return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
  };
  const action = readFileSync(join(ROOT, 'action.yml'), 'utf8');

  test.each([
    ['a workflow', workflow, read('github-actions.yml'), 'fail-fast: false', 'fail-fats: false'],
    ['its expressions', workflow, read('github-actions.yml'), '${{ matrix.worker }}', '${{ matrx.worker }}'],
    ['an action', asAction, action, 'using: composite', 'using: composit'],
    ['a pipeline', pipeline, read('gitlab-ci.yml'), 'parallel: 4', 'parallel: four'],
    ['when a pipeline tries again', pipeline, read('gitlab-ci.yml'), 'exit_codes:', 'exit_code:'],
  ])('%s', async (_, check, text, part, mistake) => {
    expect(await check(text)).toEqual([]);
    expect(text).toContain(part);
    expect(await check(text.replace(part, mistake))).not.toEqual([]);
  });

  test('the workflow of this repository builds the image', async () => {
    const text = readFileSync(join(ROOT, '.github/workflows/ci.yml'), 'utf8');
    expect(await workflow(text)).toEqual([]);
    expect(text).toContain('docker build --file Containerfile');
  });

  test('the pipeline tries again what is worth it', () => {
    const { work } = parse(read('gitlab-ci.yml')) as { work: { retry: { exit_codes: number[] } } };
    expect(work.retry.exit_codes).toEqual(codesOf('retry'));
  });

  test('the action hands its inputs on as words, and has a flag for each', () => {
    const { inputs, runs } = parse(action) as {
      inputs: Record<string, unknown>;
      runs: { steps: { id?: string; run?: string; env?: Record<string, string> }[] };
    };
    const scripts = runs.steps.flatMap(({ run = '' }) => run);
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
    for (const script of scripts)
      expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0 });
    const used = runs.steps.flatMap(({ env = {} }) => Object.values(env)).join(' ');
    expect(Object.keys(inputs).filter((name) => !used.includes(`inputs.${name} `))).toEqual([]);
  });

  test('the action ends as apply ends, and tells its code', () => {
    const folder = mkdtempSync(join(ROOT, '.cache', 'action-'));
    try {
      const { runs } = parse(action) as { runs: { steps: { id?: string; run?: string }[] } };
      const script = runs.steps.find(({ id }) => id === 'apply')?.run ?? '';
      const output = join(folder, 'output');
      writeFileSync(join(folder, 'mysql-sync'), '#!/bin/sh\nprintf "%s|" "$@"\nexit 3\n', { mode: 0o755 });
      const inputs = { PLAN: 'a b.json', TARGET: 'st$(id)', APPROVE: 'false', CLAIM: 'true', SHARD: '' };
      const limits = { GRACE: '5', LOCK_TIMEOUT: '0', EVENTS: 'e' };
      const { status, stdout } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script], {
        encoding: 'utf8',
        env: { ...inputs, ...limits, GITHUB_OUTPUT: output, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
      });
      expect([status, stdout]).toEqual([
        3,
        'apply|a b.json|--no-input|--grace=5|--lock-timeout=0|--events=e|--confirm-target=st$(id)|--claim|',
      ]);
      expect(readFileSync(output, 'utf8')).toBe('exit-code=3\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('by the types of Kubernetes', () => {
  let folder = '';
  beforeAll(() => {
    mkdirSync(join(ROOT, '.cache'), { recursive: true });
    folder = mkdtempSync(join(ROOT, '.cache', 'kubernetes-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What the compiler says of it as an object of that kind: keys and values that Kubernetes does not know. */
  const check = (kind: string, text: string): string => {
    const value = JSON.stringify(parse(text), undefined, 2);
    const file = join(folder, `${kind}.ts`);
    writeFileSync(
      file,
      `import type { I${kind} } from 'kubernetes-models/batch/v1';\nexport const it: I${kind} = ${value};\n`,
    );
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--ignoreConfig'];
    const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), [...options, file], {
      encoding: 'utf8',
    });
    return stdout;
  };

  test.each([
    ['Job', 'kubernetes-job.yaml', 'backoffLimitPerIndex', 'backoffLimitPerIndexes'],
    ['CronJob', 'kubernetes-cronjob.yaml', 'action: FailIndex', 'action: Fail'],
  ])('a %s', (kind, name, part, mistake) => {
    const text = read(name);
    expect(check(kind, text)).toBe('');
    expect(check(kind, text.replace(part, mistake))).toMatch(/error TS/);
    const script = `import { ${kind} } from 'kubernetes-models/batch/v1'; new ${kind}(JSON.parse(process.argv[1])).validate()`;
    execFileSync(process.execPath, ['--input-type=module', '-e', script, JSON.stringify(parse(text))], {
      cwd: ROOT,
    });
  });

  interface JobSpec {
    readonly completionMode: string;
    readonly podFailurePolicy: {
      readonly rules: readonly { readonly onExitCodes?: { readonly values: number[] } }[];
    };
    readonly template: {
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly { readonly args: readonly string[] }[];
        readonly initContainers: readonly { readonly args: readonly string[] }[];
      };
    };
  }
  const { spec } = parse(read('kubernetes-job.yaml')) as { readonly spec: JobSpec };

  test('the CronJob starts that Job', () => {
    const cron = parse(read('kubernetes-cronjob.yaml')) as { spec: { jobTemplate: { spec: JobSpec } } };
    expect(cron.spec.jobTemplate.spec).toEqual(spec);
  });

  test('gives an index up where another try would not help, and waits longer than the grace time', () => {
    const codes = spec.podFailurePolicy.rules.flatMap(({ onExitCodes }) => onExitCodes?.values ?? []);
    expect(codes).toEqual(codesOf('never'));
    const { containers, initContainers, terminationGracePeriodSeconds } = spec.template.spec;
    const [, grace = ''] = /--grace (\d+)/.exec(containers[0]?.args[0] ?? '') ?? [];
    expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(Number(grace) + 30);
    for (const { args } of [...containers, ...initContainers])
      expect(spawnSync('sh', ['-n'], { input: args[0], encoding: 'utf8' })).toMatchObject({ status: 0 });
  });
});

describe('a Slurm array', () => {
  const text = read('slurm.sh');

  test('has options that sbatch knows', () => {
    expect(spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
    const lines = [...text.matchAll(/^#SBATCH (.*)$/gm)].map(([, line = '']) => line);
    const KNOWN: Readonly<Record<string, RegExp>> = {
      'job-name': /^[\w-]+$/,
      array: /^\d+-\d+$/,
      ntasks: /^\d+$/,
      'cpus-per-task': /^\d+$/,
      mem: /^\d+[KMGT]$/,
      time: /^\d\d:\d\d:\d\d$/,
      requeue: /^$/,
      'open-mode': /^(append|truncate)$/,
      output: /^[\w%.-]+$/,
      signal: /^(B:)?[A-Z0-9]+@\d+$/,
    };
    const wrong = lines.filter((line) => {
      const [, name = '', value = ''] = /^--([a-z-]+)(?:=(.*))?$/.exec(line) ?? [];
      return !KNOWN[name]?.test(value);
    });
    expect([lines.length, wrong]).toEqual([10, []]);
    // sbatch reads them up to the first line that is a command.
    expect(text.lastIndexOf('#SBATCH')).toBeLessThan(text.search(/^[^#\n]/m));
  });

  /** The script with a mysql-sync and a scontrol that only tell what they were called with. */
  const run = (tool: string, variables: Readonly<Record<string, string>>) => {
    const folder = mkdtempSync(join(ROOT, '.cache', 'slurm-'));
    try {
      const write = (name: string, body: string): void =>
        writeFileSync(join(folder, name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
      write('mysql-sync', tool);
      write('scontrol', 'echo "scontrol $*"');
      write('secrets.env', 'export PROD_PASSWORD=x');
      const { status, stdout } = spawnSync('bash', [join(RECIPES, 'slurm.sh')], {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, SLURM_JOB_ID: '7', ...variables },
      });
      return [status, stdout.trim()];
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  const REQUEUED = 'scontrol requeue 7';
  test.each<[number, string, string]>([
    ...codesOf('retry').map((code): [number, string, string] => [code, '0', REQUEUED]),
    ...codesOf('never').map((code): [number, string, string] => [code, '0', '']),
    [3, '2', REQUEUED],
    [3, '3', ''],
    [0, '0', ''],
  ])('ends with %i, at try %s', (code, tries, printed) => {
    const variables = { SLURM_ARRAY_TASK_ID: '2', SLURM_RESTART_COUNT: tries };
    expect(run(`exit ${String(code)}`, variables)).toEqual([code, printed]);
  });

  test('hands SIGTERM on, and waits for the end of the worker', () => {
    const tool = `trap 'kill $nap; echo told; exit 143' TERM; sleep 60 > /dev/null 2>&1 & nap=$!; kill -TERM $PPID; wait $nap`;
    expect(run(tool, { SLURM_ARRAY_TASK_ID: '2', SLURM_RESTART_COUNT: '9' })).toEqual([143, 'told']);
  });
});

test('the guide names every sign of an engine', () => {
  const guide = readFileSync(join(RECIPES, '..', 'many-machines.md'), 'utf8');
  const signs = ['JOB_COMPLETION_INDEX', 'CI_NODE_INDEX', 'CI_NODE_TOTAL', 'SLURM_ARRAY_TASK_ID'];
  expect(SHARD_VARIABLES.map(({ name }) => name)).toEqual(expect.arrayContaining(signs));
  for (const sign of signs) expect(guide).toContain(sign);
});
