/** Specs of rights and guards, which need no database, no browser and no network: for the mutation test. */
const { globalSetup, globalTeardown, setupFiles, testSequencer, ...base } = require('./jest.config.cjs');

module.exports = {
  ...base,
  // Stryker puts an environment of its own around Jest's.
  testEnvironment: 'node',
  roots: ['<rootDir>/src/access'],
  testMatch: [
    '**/src/access/*.spec.ts',
    '**/src/access/domain/{api-scopes,rights,rights-table,roles}.spec.ts',
  ],
  reporters: ['default'],
};
