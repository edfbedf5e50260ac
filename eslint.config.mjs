import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import lit from 'eslint-plugin-lit';
import wc from 'eslint-plugin-wc';
import litA11y from 'eslint-plugin-lit-a11y';

export default tseslint.config(
  { ignores: ['dist', 'data', '.stack', 'node_modules', '**/*.mjs'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false, attributes: false, properties: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      'no-control-regex': 'off',
      'no-console': 'error',
    },
  },
  {
    files: ['softphone/**/*.ts', 'web/**/*.ts'],
    plugins: { lit, wc, 'lit-a11y': litA11y },
    rules: { ...lit.configs['flat/recommended'].rules, ...wc.configs['flat/recommended'].rules, ...litA11y.configs.recommended.rules },
  },
  { files: ['server/cli.ts', 'test/**/*.ts'], rules: { 'no-console': 'off' } },
);
