# A certificate that signs itself, for FTP on this machine: house.pem with its key, public.pem for clients.
openssl req -x509 -newkey rsa:2048 -nodes -keyout house.pem -out public.pem -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost 2> certificate.log
cat public.pem >> house.pem
chmod 600 house.pem
