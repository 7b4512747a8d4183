package io.planisphere.geo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContinentTest {
    /**
     * Cities by the coordinates of an atlas; those near borders between continents and on small islands are the difficult ones.
     */
    @ParameterizedTest
    @CsvSource({
        "Nairobi,-1.29,36.82,AFRICA",
        "Cairo,30.04,31.24,AFRICA",
        "Las Palmas,28.12,-15.43,AFRICA",
        "Reunion,-20.88,55.45,AFRICA",
        "Amundsen-Scott,-90,0,ANTARCTICA",
        "Tokyo,35.68,139.69,ASIA",
        "Singapore,1.29,103.85,ASIA",
        "Ankara,39.93,32.86,ASIA",
        "Novosibirsk,55.03,82.92,ASIA",
        "Anadyr,64.73,177.51,ASIA",
        "Uelen,66.16,-169.81,ASIA",
        "Male,4.18,73.51,ASIA",
        "Moscow,55.76,37.62,EUROPE",
        "Reykjavik,64.15,-21.94,EUROPE",
        "Ponta Delgada,37.74,-25.67,EUROPE",
        "Athens,37.98,23.73,EUROPE",
        "Rhodes,36.43,28.22,EUROPE",
        "New York,40.71,-74.01,NORTH_AMERICA",
        "Nuuk,64.18,-51.72,NORTH_AMERICA",
        "Panama City,8.98,-79.52,NORTH_AMERICA",
        "Sydney,-33.87,151.21,OCEANIA",
        "Honolulu,21.31,-157.86,OCEANIA",
        "Papeete,-17.54,-149.57,OCEANIA",
        "Suva,-18.14,178.44,OCEANIA",
        "Lima,-12.05,-77.04,SOUTH_AMERICA",
        "Cayenne,4.92,-52.31,SOUTH_AMERICA",
        "Galapagos,-0.74,-90.31,SOUTH_AMERICA"
    })
    void placesHaveTheContinentOfTheAtlas(String city, double latitude, double longitude, Continent continent) {
        assertThat(Continent.of(new LatLng(latitude, longitude))).as(city).isEqualTo(continent);
    }

    @Test
    void everyCornerOfTheGridHasAContinent() {
        assertThat(Continent.of(new LatLng(90, 180))).isEqualTo(Continent.of(new LatLng(90, -180)));
        assertThat(Continent.of(new LatLng(-90, 180))).isEqualTo(Continent.ANTARCTICA);
        assertThat(Continent.of(new LatLng(-17, 180)))
                .as("the sea off Fiji")
                .isEqualTo(Continent.OCEANIA)
                .isEqualTo(Continent.of(new LatLng(-17, -180)));
    }
}
