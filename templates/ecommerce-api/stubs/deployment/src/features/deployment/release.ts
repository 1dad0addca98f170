process.stderr.write('The release command is not built yet: see src/features/deployment/README.md.\n');
process.exitCode = 1;
