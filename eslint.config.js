import tseslint from 'typescript-eslint';

/** Where each ban is lifted, and why, stands beside it. */
const NO_ENVIRONMENT = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'The environment is read in config/ only.',
};
const NO_CLOCK = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Ask Clock: app_now() is the only now.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Ask Clock: app_now() is the only now.',
  },
  { selector: "CallExpression[callee.name='Date']", message: 'Ask Clock: app_now() is the only now.' },
  {
    selector: "MemberExpression[object.name='Temporal'][property.name='Now']",
    message: 'Ask Clock: app_now() is the only now.',
  },
];
const NO_INLINE_STYLE = {
  selector: "JSXAttribute[name.name='style']",
  message: 'The content policy forbids inline styles: use a class of src/ui.',
};
const NO_INLINE_HANDLER = {
  selector: 'JSXAttribute[name.name=/^on[A-Za-z]/]',
  message: 'The content policy forbids inline handlers: write them in a script of src/ui.',
};
const MARKUP = [NO_INLINE_STYLE, NO_INLINE_HANDLER];

export default tseslint.config(
  {
    ignores: [
      'dist/',
      '.data/',
      'artifacts/',
      'coverage/',
      '**/*.cjs',
      '**/*.d.ts',
      'src/**/assets/**',
      'demo/**/assets/**',
      'src/**/public/**',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
    rules: {
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', NO_ENVIRONMENT, ...NO_CLOCK, ...MARKUP],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/explicit-member-accessibility': 'off',
      // Nest modules are classes without members.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Drivers answer `any`; a typed variable is how this house gives such an answer its shape.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // This house types by shape; what vendors declare as classes and enums is met by plain values.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      // Code points are meant wherever a text is spread.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-invalid-void-type': ['error', { allowAsThisParameter: true }],
    },
  },
  { files: ['config/**'], rules: { 'no-restricted-syntax': ['error', ...NO_CLOCK] } },
  { files: ['src/platform/clock.ts'], rules: { 'no-restricted-syntax': ['error', NO_ENVIRONMENT] } },
  // Operators read the output of commands; the demo and the benches time real processes.
  { files: ['src/cli/**', 'demo/**', 'bench/**'], rules: { 'no-console': 'off' } },
  {
    files: ['demo/**', 'bench/**', 'test/**', '**/*.spec.ts', '**/*.spec.tsx'],
    rules: { 'no-restricted-syntax': ['error', ...MARKUP] },
  },
  {
    files: ['test/**', '**/*.spec.ts', '**/*.spec.tsx'],
    rules: {
      // Tests look into answers freely, and bring stand-ins.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['eslint.config.js'], extends: [tseslint.configs.disableTypeChecked] },
);
