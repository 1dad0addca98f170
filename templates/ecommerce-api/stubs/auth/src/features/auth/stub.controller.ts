import { All, Controller } from '@nestjs/common';
import { Anonymous } from '../../http/decorators.ts';
import { notBuilt } from '../../http/not-built.ts';

@Controller('v1')
@Anonymous()
export class AuthStubController {
  @All(['auth', 'auth/*path', 'users', 'users/*path'])
  answer(): never {
    return notBuilt('auth');
  }
}
