namespace Clearway.EndToEndTests;

/// <summary>Some sound, as a browser decoded it.</summary>
public sealed record Sound
{
    /// <summary>Samples a second.</summary>
    public double Rate { get; init; }

    /// <summary>From -1 to 1, of one channel.</summary>
    public double[] Samples { get; init; } = [];

    /// <summary>How loud a tone is in it, in decibels of the loudest there can be: Goertzel's algorithm behind a Hann window.</summary>
    /// <param name="hertz">The tone.</param>
    public double LevelOf(double hertz)
    {
        var turn = 2 * Math.Cos(2 * Math.PI * hertz / Rate);
        var (last, before) = (0.0, 0.0);
        for (var i = 0; i < Samples.Length; i++)
        {
            var window = 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / Samples.Length));
            (last, before) = ((turn * last) - before + (window * Samples[i]), last);
        }

        var power = (last * last) + (before * before) - (turn * last * before);
        return 20 * Math.Log10((Math.Sqrt(Math.Max(0, power)) * 4 / Samples.Length) + 1e-9);
    }
}
