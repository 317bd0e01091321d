/** Specs that need no database, no browser and no network: for the mutation test. */
const { globalSetup, globalTeardown, ...base } = require('./jest.config.cjs');

module.exports = { ...base, roots: ['<rootDir>/src/access'], reporters: ['default'] };
