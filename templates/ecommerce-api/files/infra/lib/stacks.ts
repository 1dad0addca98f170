import { App, type AppProps } from 'aws-cdk-lib';
import { platformName, serviceName } from './project.ts';
import { PlatformStack } from './platform-stack.ts';
import { ServiceStack } from './service-stack.ts';
import { readSettings } from './settings.ts';

// What one stack takes from the other cannot be taken away under it.
const STRONG = { '@aws-cdk/core:defaultCrossStackReferences': 'strong' };

export const newApp = ({ context, ...props }: AppProps = {}): App => new App({ analyticsReporting: false, context: { ...STRONG, ...context }, ...props });

export function addStacks(app: App): { readonly platform: PlatformStack; readonly service: ServiceStack } {
  const platform = new PlatformStack(app, platformName());
  return { platform, service: new ServiceStack(app, serviceName(), platform, readSettings(app)) };
}
