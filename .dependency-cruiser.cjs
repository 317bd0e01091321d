/** Who may import whom. Ranks point downwards only; composition (screens, routes, commands) is imported by nobody. */

const RANKS = [
  'shared',
  'platform',
  'access',
  'organizations',
  'agents',
  'persons',
  'convocations',
  'notifications',
  'webhooks',
  'statistics',
];
const COMPOSITION = ['back-office', 'public-site', 'api', 'cli'];
/** `import type` counts too: a rank is about knowledge, not about loading. */
const upward = RANKS.slice(0, -1).map((rank, position) => ({
  name: `rank-${rank}`,
  comment: `${rank} may not know what stands above it`,
  severity: 'error',
  from: { path: `^src/${rank}/`, pathNot: '\\.spec\\.tsx?$' },
  to: { path: `^src/(${RANKS.slice(position + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'composition-is-imported-by-nobody',
      severity: 'error',
      from: { path: `^src/(${[...RANKS, 'ui'].join('|')})/` },
      to: { path: `^src/(${COMPOSITION.join('|')})/` },
    },
    {
      name: 'composition-stands-apart',
      comment: 'a screen does not import a route, nor a route a command',
      severity: 'error',
      from: { path: `^src/(${COMPOSITION.join('|')})/` },
      to: { path: `^src/(${COMPOSITION.join('|')})/`, pathNot: '^src/$1/' },
    },
    {
      name: 'ui-knows-shared-and-platform',
      severity: 'error',
      from: { path: '^src/ui/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: `^src/(${RANKS.slice(2).join('|')})/` },
    },
    {
      name: 'features-know-no-screen',
      severity: 'error',
      from: { path: `^src/(${RANKS.join('|')})/` },
      to: { path: '^src/ui/' },
    },
    {
      name: 'app-module-is-the-root',
      severity: 'error',
      from: {
        path: '^(src|config|migrations)/',
        pathNot: '^src/(main|create-app|app\\.module)\\.ts$|^src/cli/|\\.spec\\.ts$',
      },
      to: { path: '^src/(app\\.module|create-app|main)\\.ts$' },
    },
    {
      name: 'features-do-not-import-the-root-list',
      severity: 'error',
      from: { path: `^src/(${[...RANKS, 'ui', ...COMPOSITION].join('|')})/`, pathNot: '^src/cli/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'pure-domain',
      comment:
        'no framework, no database, no network, no environment: a rule takes values and returns values',
      severity: 'error',
      from: { path: '^src/[^/]+/domain/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '(^|/)node_modules/|^config/|^src/platform/',
        pathNot: '(^|/)node_modules/(temporal-polyfill|temporal-utils|libphonenumber-js|jstat)/',
      },
    },
    {
      name: 'pure-domain-no-core',
      severity: 'error',
      from: { path: '^src/[^/]+/domain/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'domain-knows-domain',
      comment: 'a rule imports rules, never a query, a use case or a row',
      severity: 'error',
      from: { path: '^src/[^/]+/domain/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(shared|[^/]+/domain)/' },
    },
    {
      name: 'config-imports-nothing-of-src',
      severity: 'error',
      from: { path: '^config/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(src|demo|bench|test)/' },
    },
    {
      name: 'migrations-import-nothing-of-ours',
      comment: 'what they would import will change, they never do',
      severity: 'error',
      from: { path: '^migrations/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(src|config|demo|bench|test)/' },
    },
    {
      name: 'source-knows-no-stand-in',
      comment: 'nothing in src knows whether the operator, the mail server or the database is the real one',
      severity: 'error',
      from: { path: '^(src|config|migrations)/', pathNot: '\\.spec\\.tsx?$|^src/cli/' },
      to: { path: '^(demo|bench|test)/' },
    },
    {
      name: 'commands-seed-the-demo-world',
      comment: 'rows only: never the simulator or the supervisor',
      severity: 'error',
      from: { path: '^src/cli/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(demo|bench|test)/', pathNot: '^demo/world/' },
    },
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-barrel', severity: 'error', from: {}, to: { path: '^src/.*/index\\.tsx?$' } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-development-package',
      severity: 'error',
      from: { path: '^(src|config|migrations)/', pathNot: '\\.spec\\.tsx?$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
