/**
 * What people choose when a password only has to be long. A list that is complete takes megabytes;
 * this one refuses what guessing tools try first: the well-known words in any order and any
 * decoration, stretches of the keyboard, and a few characters over and over.
 */
const WORDS = Object.freeze(
  `password passwort motdepasse contrasena kennwort passphrase passcode
   qwerty qwertz azerty welcome letmein iloveyou admin administrator root user guest login master
   hello secret changeme change default test testing example access system server database postgres
   company manager office business internet computer google facebook windows linux apple samsung
   monkey dragon shadow tiger eagle phoenix unicorn butterfly sunshine princess prince queen angel
   football baseball basketball soccer hockey liverpool chelsea arsenal barcelona juventus
   superman batman spiderman starwars pokemon matrix ninja samurai michael jordan ashley charlie
   daniel jessica jennifer thomas robert andrew summer winter spring autumn january february march
   april june july august september october november december monday friday sunday
   whatever trustno freedom forever nothing something everything unbelievable flower cheese chocolate
   cookie banana orange purple killer hunter love money lucky happy family friends jesus
   correcthorsebatterystaple temporary temp super my the is new please you me and one two`
    .split(/\s+/)
    .filter(Boolean),
);

const KEYBOARD = Object.freeze([
  '012345678901234567890123456789',
  'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertyuiop[]asdfghjkl;\'zxcvbnm,./',
  '1234567890-=qwertyuiop',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  'zaq12wsxcde34rfvbgt56yhn',
  '!@#$%^&*()_+',
]);
const WALKS = Object.freeze(KEYBOARD.flatMap((row) => [row, [...row].toReversed().join('')]));

const ONLY_WORDS = new RegExp(`^(?:${WORDS.join('|')})+$`);
const LOOKALIKES: Readonly<Record<string, string>> = Object.freeze({ '@': 'a', '4': 'a', '3': 'e', '1': 'i', '!': 'i', '0': 'o', $: 's', '5': 's', '7': 't' });

export function isCommon(password: string): boolean {
  const plain = password.toLowerCase();
  // Without what people put before and after a word, and without what they put between words.
  const bare = plain.replaceAll(/^[^a-z]+|[^a-z]+$/g, '');
  const letters = plain.replaceAll(/[^a-z]/g, '');
  if (isRepetitive(plain) || isWalk(plain)) return true;
  return letters.length > 3 && (isWalk(bare) || [plain, bare].some((text) => isWords(spelledOut(text))) || isWords(letters));
}

const isRepetitive = (text: string): boolean => /^(.{1,4})\1+.{0,3}$/s.test(text);

const isWalk = (text: string): boolean => WALKS.some((walk) => walk.includes(text));

const isWords = (text: string): boolean => ONLY_WORDS.test(text);

function spelledOut(text: string): string {
  return text.replaceAll(/[\s_.,-]/g, '').replaceAll(/[^a-z]/g, (character) => LOOKALIKES[character] ?? character);
}
