import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { readSettings, type Settings } from '../lib/settings.ts';
import { newApp } from '../lib/stacks.ts';
import { CERTIFICATE, complete, STRIPE, synthesised } from './synthesised.ts';

const { service } = complete();

test('only tasks that are ready get requests, and one that waits for the database is not replaced at once', () => {
  service.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
    HealthCheckPath: '/health/ready',
    HealthCheckIntervalSeconds: 15,
    UnhealthyThresholdCount: 10,
    TargetGroupAttributes: Match.arrayWith([{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }]),
  });
});

test('a release starts new tasks before old ones end, and is taken back where they do not get ready', () => {
  service.resourceCountIs('AWS::ECS::Service', 2);
  service.allResourcesProperties('AWS::ECS::Service', {
    DeploymentConfiguration: { MinimumHealthyPercent: 100, MaximumPercent: 200, DeploymentCircuitBreaker: { Enable: true, Rollback: true } },
  });
});

test('there are two web tasks at least, and more under load', () => {
  service.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, MaxCapacity: 6 });
  service.resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 2);
});

test('with a certificate there is HTTPS alone', () => {
  service.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 2);
  service.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, Protocol: 'HTTPS', Certificates: [{ CertificateArn: CERTIFICATE }], SslPolicy: Match.stringLikeRegexp('TLS13') });
  service.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 80, DefaultActions: [Match.objectLike({ Type: 'redirect', RedirectConfig: Match.objectLike({ Protocol: 'HTTPS' }) })] });
  assert.deepEqual(complete().warnings, []);
});

test('without a certificate and a secret of Stripe it says loudly what that means', () => {
  const trial = synthesised();
  trial.service.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
  trial.service.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 80, Protocol: 'HTTP' });
  assert.equal(trial.warnings.length, 2);
  assert.ok(trial.warnings.some((text) => text.includes('PLAIN HTTP')));
  assert.ok(trial.warnings.some((text) => text.includes('payments')));
});

const settings = (context: Record<string, unknown>): Settings => readSettings(newApp({ context }));

test('a context that makes no sense is refused', () => {
  assert.deepEqual(settings({ certificate: CERTIFICATE, stripe: STRIPE }), { certificate: CERTIFICATE, stripe: STRIPE });
  assert.deepEqual(settings({ certificate: '' }), {});
  for (const context of [{ certificate: 'shop.example.org' }, { certificate: STRIPE }, { stripe: 'sk_live_1' }, { stripe: 1 }]) {
    assert.throws(() => settings(context), new RegExp(Object.keys(context)[0] ?? ''));
  }
});
