import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** One regular expression of the source: a literal, or a call of `RegExp` with what it is given. */
export interface FoundExpression {
  /** `src/ui/exports/csv.ts:2` */
  readonly place: string;
  readonly source: string;
  readonly flags: string;
  /** Built while the program runs: nothing can be said of it here. */
  readonly isBuilt: boolean;
}

const CODE = /\.tsx?$/;
const TEST = /\.spec\.tsx?$|\.d\.ts$/;

/** Read from the syntax tree, so that none is missed and none is found in a text or a comment. */
export function regularExpressionsOf(root: string, folders: readonly string[]): readonly FoundExpression[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => CODE.test(file) && !TEST.test(file))
      .flatMap((file) => inFile(root, join(root, folder, file))),
  );
}

function inFile(root: string, file: string): FoundExpression[] {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: FoundExpression[] = [];
  const visit = (node: ts.Node): void => {
    const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
    const place = `${relative(root, file)}:${line}`;
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const [source, flags] = [node.text.slice(1, end), node.text.slice(end + 1)];
      found.push({ place, source, flags, isBuilt: false });
    } else if (isBuilt(node, tree))
      found.push({ place, source: node.getText(tree), flags: '', isBuilt: true });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function isBuilt(node: ts.Node, tree: ts.SourceFile): boolean {
  return (
    (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText(tree) === 'RegExp'
  );
}
