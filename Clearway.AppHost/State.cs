using Microsoft.Extensions.Configuration;

namespace Clearway.AppHost;

/// <summary>What of an installation on this machine outlives its stop, and where.</summary>
internal static class State
{
    /// <summary>
    /// <c>Clearway:Ephemeral</c>: nothing is kept, no data and no generated secret. For tests.
    /// </summary>
    public static bool IsEphemeral(this IDistributedApplicationBuilder builder) => builder.Configuration.GetValue<bool>("Clearway:Ephemeral");

    /// <summary>
    /// <c>Clearway:StateDirectory</c>: a folder that holds all state of this installation; without one, data is kept in volumes and
    /// keys under <c>.state</c> beside the AppHost.
    /// </summary>
    public static string? StateDirectory(this IDistributedApplicationBuilder builder) => builder.Configuration["Clearway:StateDirectory"];

    /// <summary>Adds a secret that is generated on the first start.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Name of the parameter; <c>Parameters:NAME</c> sets its value from outside.</param>
    /// <param name="length">Length in characters, letters and digits only.</param>
    public static IResourceBuilder<ParameterResource> AddSecret(this IDistributedApplicationBuilder builder, string name, int length) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = length, Special = false }, secret: true, persist: !builder.IsEphemeral());
}
