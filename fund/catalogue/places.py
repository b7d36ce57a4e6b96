"""First level of administration below each country: code and name, as the country's statistics office writes them."""

# INEGI, two digits.
MX = """01 Aguascalientes|02 Baja California|03 Baja California Sur|04 Campeche|05 Coahuila|06 Colima|07 Chiapas
08 Chihuahua|09 Ciudad de México|10 Durango|11 Guanajuato|12 Guerrero|13 Hidalgo|14 Jalisco|15 México|16 Michoacán
17 Morelos|18 Nayarit|19 Nuevo León|20 Oaxaca|21 Puebla|22 Querétaro|23 Quintana Roo|24 San Luis Potosí|25 Sinaloa
26 Sonora|27 Tabasco|28 Tamaulipas|29 Tlaxcala|30 Veracruz|31 Yucatán|32 Zacatecas"""

# Regions, in the code of the Subsecretaría de Desarrollo Regional.
CL = """15 Arica y Parinacota|01 Tarapacá|02 Antofagasta|03 Atacama|04 Coquimbo|05 Valparaíso
13 Metropolitana de Santiago|06 O’Higgins|07 Maule|16 Ñuble|08 Biobío|09 La Araucanía|14 Los Ríos|10 Los Lagos
11 Aysén|12 Magallanes"""

# Departments, DIVIPOLA of the DANE.
CO = """05 Antioquia|08 Atlántico|11 Bogotá, D. C.|13 Bolívar|15 Boyacá|17 Caldas|18 Caquetá|19 Cauca|20 Cesar
23 Córdoba|25 Cundinamarca|27 Chocó|41 Huila|44 La Guajira|47 Magdalena|50 Meta|52 Nariño|54 Norte de Santander
63 Quindío|66 Risaralda|68 Santander|70 Sucre|73 Tolima|76 Valle del Cauca|81 Arauca|85 Casanare|86 Putumayo
88 San Andrés y Providencia|91 Amazonas|94 Guainía|95 Guaviare|97 Vaupés|99 Vichada"""

# Departments, ubigeo of the INEI.
PE = """01 Amazonas|02 Áncash|03 Apurímac|04 Arequipa|05 Ayacucho|06 Cajamarca|07 Callao|08 Cusco|09 Huancavelica
10 Huánuco|11 Ica|12 Junín|13 La Libertad|14 Lambayeque|15 Lima|16 Loreto|17 Madre de Dios|18 Moquegua|19 Pasco
20 Piura|21 Puno|22 San Martín|23 Tacna|24 Tumbes|25 Ucayali"""


def units() -> list[tuple[str, str, str]]:
    """Country, code and name of every unit."""
    listed = {"MX": MX, "CL": CL, "CO": CO, "PE": PE}
    found = []
    for country, text in listed.items():
        for item in text.replace("\n", "|").split("|"):
            code, name = item.strip().split(" ", 1)
            found.append((country, code, name))
    return found
