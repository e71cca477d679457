using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Clearway.ServiceDefaults;

/// <summary>Secrets without which a service must not start.</summary>
public static class RequiredSecrets
{
    /// <summary>
    /// Refuses to start the host when the secret is missing or, outside Development, shorter than
    /// <paramref name="minimumLength"/> or recognisable as a placeholder. The value itself never appears in the refusal.
    /// </summary>
    /// <param name="builder">The service's host builder.</param>
    /// <param name="key">Configuration key, for example <c>SystemMessages:Key</c>.</param>
    /// <param name="minimumLength">Fewest characters outside Development.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder RequireSecret<TBuilder>(this TBuilder builder, string key, int minimumLength)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptions<SecretRequirements>()
            .Configure(requirements => requirements.Add(new SecretRequirement(key, minimumLength)))
            .ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SecretRequirements>, SecretValidator>());
        return builder;
    }
}

internal sealed record SecretRequirement(string Key, int MinimumLength);

internal sealed class SecretRequirements : List<SecretRequirement>;

internal sealed class SecretValidator(IConfiguration configuration, IHostEnvironment environment) : IValidateOptions<SecretRequirements>
{
    // Fewer distinct characters than this is a pattern, not a secret: 32 random hex digits have 6 or fewer about once in 10^8.
    private const int FewestDistinctCharacters = 6;

    private static readonly string[] Placeholders =
    [
        "changeme", "change-me", "change_me", "default", "example", "password", "placeholder", "secret", "development", "insecure", "todo",
    ];

    public ValidateOptionsResult Validate(string? name, SecretRequirements options)
    {
        var refusals = options.Select(Refuse).OfType<string>().ToList();
        return refusals.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(refusals);
    }

    private string? Refuse(SecretRequirement requirement)
    {
        var (key, minimumLength) = requirement;
        var variable = key.Replace(":", "__", StringComparison.Ordinal);
        var value = configuration[key];
        if (string.IsNullOrWhiteSpace(value))
        {
            return $"The secret {key} is missing: set {variable}.";
        }

        if (environment.IsDevelopment())
        {
            return null;
        }

        if (value.Length < minimumLength)
        {
            return $"The secret {key} has {value.Length} characters, {minimumLength} are the least: set {variable}.";
        }

        return value.Distinct().Count() < FewestDistinctCharacters
            || Array.Exists(Placeholders, placeholder => value.StartsWith(placeholder, StringComparison.OrdinalIgnoreCase))
            ? $"The secret {key} looks like a placeholder: set {variable} to a random value."
            : null;
    }
}
