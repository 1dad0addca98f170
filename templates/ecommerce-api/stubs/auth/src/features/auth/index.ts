import { Global, Module } from '@nestjs/common';
import { Authenticator } from '../../ports/identity.ts';
import { Developers } from './developers.ts';
import { DevelopmentAuthenticator } from './development.authenticator.ts';
import { AuthStubController } from './stub.controller.ts';

/** Not built yet: see README.md. */
@Global()
@Module({
  controllers: [AuthStubController],
  providers: [Developers, { provide: Authenticator, useClass: DevelopmentAuthenticator }],
  exports: [Authenticator],
})
export class AuthModule {}
