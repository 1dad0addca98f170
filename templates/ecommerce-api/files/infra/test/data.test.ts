import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { at, complete, resourcesOf, theOnly } from './synthesised.ts';

const { platform } = complete();

test('the database is private, encrypted, backed up, and not deleted by mistake', () => {
  platform.hasResource('AWS::RDS::DBInstance', {
    DeletionPolicy: 'Snapshot',
    Properties: { Engine: 'postgres', EngineVersion: '18', PubliclyAccessible: false, StorageEncrypted: true, DeletionProtection: true, BackupRetentionPeriod: 7 },
  });
  platform.hasResourceProperties('AWS::RDS::DBParameterGroup', { Parameters: { 'rds.force_ssl': '1' } });
});

test('the cache is encrypted on its way and where it lies, and asks who is there', () => {
  platform.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
    TransitEncryptionEnabled: true,
    AtRestEncryptionEnabled: true,
    AuthToken: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('resolve:secretsmanager')])] },
  });
});

test('every password is made by Secrets Manager, and stands in no template', () => {
  const secrets = resourcesOf(platform, 'AWS::SecretsManager::Secret');
  const written = secrets.filter(([, { Properties }]) => at(Properties, 'SecretString') !== undefined);
  assert.equal(secrets.length - written.length, 3);
  assert.deepEqual(written.map(([, { Properties }]) => at(Properties, 'SecretString', 'Fn::Join', 1, 0)), ['rediss://:{{resolve:secretsmanager:']);
  assert.match(JSON.stringify(at(theOnly(platform, 'AWS::RDS::DBInstance'), 'Properties', 'MasterUserPassword')), /resolve:secretsmanager/);
});
