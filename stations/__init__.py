"""第二、三章 and 第八条: stations from application to revocation."""
