process.stderr.write('Admins are not built yet: see src/features/auth/README.md.\n');
process.exitCode = 1;
