"""Signing in elsewhere: Kakao, Naver, Google, any OpenID Connect provider. See README.md."""
