package io.planisphere.report;

import io.planisphere.infer.Probe.Latency;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.Styler.YAxisPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A plot of agreement with the reference against cost, one point per network, as in figures 4 and 5 of the MobileNets paper:
 * against latency if all networks were run, otherwise against multiply-adds, on a logarithmic axis.
 */
public final class TradeOffPlot {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 620;
    private static final double PERCENT = 100;

    private TradeOffPlot() {}

    /** Returns the plot of a comparison over photos. */
    public static byte[] png(ComparisonReport report) throws IOException {
        boolean hasLatency =
                report.networks().stream().allMatch(network -> network.latency().isPresent());
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Agreement with " + report.shortNames().get(0) + " over "
                        + report.agreements().get(0).photos() + " photos")
                .xAxisTitle(hasLatency ? "milliseconds per photo (median)" : "million multiply-adds")
                .yAxisTitle("same prediction, %, with 95 % interval")
                .build();
        style(chart);
        for (int i = 0; i < report.networks().size(); i++) {
            double x = hasLatency
                    ? report.latency(i).map(Latency::medianMillis).orElseThrow()
                    : report.networks().get(i).costs().multiplyAdds() / 1e6;
            point(chart, label(report, i), x, report, i);
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        BitmapEncoder.saveBitmap(chart, png, BitmapFormat.PNG);
        return png.toByteArray();
    }

    private static void style(XYChart chart) {
        chart.getStyler().setYAxisMax(PERCENT);
        chart.getStyler()
                .setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter)
                .setXAxisLogarithmic(true)
                .setYAxisGroupPosition(0, YAxisPosition.Left)
                .setLegendPosition(LegendPosition.OutsideE)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setMarkerSize(12)
                .setBaseFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    }

    /** Draws the network's marker and its interval as a separate line, because intervals of shares are not symmetric. */
    private static void point(XYChart chart, String label, double x, ComparisonReport report, int network) {
        var first = report.agreements().get(network).first();
        Color[] colours = chart.getStyler().getSeriesColors();
        Color colour = colours[network % colours.length];
        chart.addSeries(label, List.of(x), List.of(PERCENT * first.value()))
                .setMarker(SeriesMarkers.CIRCLE)
                .setMarkerColor(colour);
        XYSeries interval = chart.addSeries(
                label + " interval", List.of(x, x), List.of(PERCENT * first.low(), PERCENT * first.high()));
        interval.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
        interval.setLineColor(colour);
        interval.setMarker(SeriesMarkers.NONE);
        interval.setShowInLegend(false);
    }

    /** Returns a unique label, because two folders may have the same name. */
    private static String label(ComparisonReport report, int network) {
        List<String> names = report.shortNames();
        String name = names.get(network);
        return names.indexOf(name) == names.lastIndexOf(name) ? name : name + " (" + (network + 1) + ")";
    }
}
