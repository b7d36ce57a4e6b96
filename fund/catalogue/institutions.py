"""Bodies that founded, give to, lend to or sit on the fund: code, short name, kind, country, names."""
# ruff: noqa: E501 - tables: a row is a line

INSTITUTIONS: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    ("cec", "CEC", "international", "", "Comisión para la Cooperación Ambiental", "Commission for Environmental Cooperation", "Commission de coopération environnementale"),
    ("funtec", "Funtec", "civil", "MX", "Fundación Mexicana para la Innovación y Transferencia de Tecnología en la Pequeña y Mediana Empresa", "Mexican Foundation for Innovation and Technology Transfer in Small and Medium Firms", "Fondation mexicaine pour l’innovation et le transfert de technologie dans les petites et moyennes entreprises"),
    ("concamin", "Concamin", "business", "MX", "Confederación de Cámaras Industriales de los Estados Unidos Mexicanos", "Confederation of Industrial Chambers of Mexico", "Confédération des chambres industrielles du Mexique"),
    ("ccib", "CCIB", "business", "CA", "Consejo Canadiense de Negocios Internacionales", "Canadian Council for International Business", "Conseil canadien pour le commerce international"),
    ("uscib", "USCIB", "business", "US", "Consejo de Estados Unidos para los Negocios Internacionales", "United States Council for International Business", "Conseil des États-Unis pour le commerce international"),
    ("unam", "UNAM", "academia", "MX", "Universidad Nacional Autónoma de México", "National Autonomous University of Mexico", "Université nationale autonome du Mexique"),
    ("wec", "World Environment Center", "civil", "US", "Centro Mundial para el Medio Ambiente", "World Environment Center", "Centre mondial pour l’environnement"),
    ("ipn", "IPN", "academia", "MX", "Instituto Politécnico Nacional", "National Polytechnic Institute", "Institut polytechnique national"),
    ("nafin", "Nafin", "bank", "MX", "Nacional Financiera", "Nacional Financiera", "Nacional Financiera"),
    ("bancomext", "Bancomext", "bank", "MX", "Banco Nacional de Comercio Exterior", "National Foreign Trade Bank", "Banque nationale du commerce extérieur"),
    ("semarnat", "Semarnat", "government", "MX", "Secretaría de Medio Ambiente y Recursos Naturales", "Ministry of the Environment and Natural Resources", "Ministère de l’Environnement et des Ressources naturelles"),
    ("economia", "Secretaría de Economía", "government", "MX", "Secretaría de Economía", "Ministry of Economy", "Ministère de l’Économie"),
    ("profepa", "Profepa", "government", "MX", "Procuraduría Federal de Protección al Ambiente", "Federal Attorney for Environmental Protection", "Procureur fédéral de la protection de l’environnement"),
)  # fmt: skip
