"""Where members meet and talk."""
