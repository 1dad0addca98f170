import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Tells a value once the stack is there. */
export const output = (scope: Construct, name: string, value: string, description?: string): CfnOutput =>
  new CfnOutput(scope, name, { value, ...(description && { description }) });
