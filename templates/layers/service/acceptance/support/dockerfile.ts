/** What stands between two lines that begin with FROM. */
export interface Stage {
  readonly image: string;
  readonly name: string;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly instruction: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly rest: string;
}

export function parseDockerfile(text: string): readonly Stage[] {
  const lines = text
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => /^\s*[A-Z]/i.test(line))
    .map(parseLine);
  const starts = lines.flatMap(({ instruction }, index) => (instruction === 'FROM' ? [index] : []));
  return starts.map((start, number) => {
    const [image = '', , name = String(number)] = (lines[start]?.rest ?? '').split(/\s+/);
    return { image, name, lines: lines.slice(start + 1, starts[number + 1]) };
  });
}

function parseLine(line: string): Line {
  const [instruction = '', ...words] = line.trim().split(/\s+/);
  const first = words.findIndex((word) => !word.startsWith('--'));
  const flags = words.slice(0, Math.max(0, first)).map((word) => word.slice(2).split('=', 2));
  return { instruction: instruction.toUpperCase(), flags: Object.fromEntries(flags), rest: words.slice(Math.max(0, first)).join(' ') };
}

/** Returns what the last line of this kind says. */
export const instruction = ({ lines }: Stage, name: string): string | undefined =>
  lines.findLast((line) => line.instruction === name)?.rest;

/** Returns a command that is given as a list, so that no shell stands between it and signals. */
export function execForm(stage: Stage, name: string): readonly string[] {
  const text = (instruction(stage, name) ?? '').replace(/^.*?(?=\[)/, '');
  return JSON.parse(text || 'null') as readonly string[];
}

/** Tells whether a `.dockerignore` keeps a path out of the image; the last pattern that fits decides. */
export function ignoredBy(text: string): (path: string) => boolean {
  const patterns = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keeps: line.startsWith('!'), expression: expressionOf(line.replace(/^!/, '')) }));
  return (path) => patterns.reduce((ignored, { keeps, expression }) => (expression.test(path) ? !keeps : ignored), false);
}

// What a pattern fits, it fits with everything below.
function expressionOf(pattern: string): RegExp {
  const parts = pattern.replaceAll(/^\/|\/$/g, '').split(/(\*\*\/|\*\*|\*|\?)/);
  const meanings: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };
  return new RegExp(`^${parts.map((part) => meanings[part] ?? part.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)).join('')}(?:/|$)`);
}
