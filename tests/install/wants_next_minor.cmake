# SPDX-License-Identifier: MIT
# Included into CMakeLists.txt to see it refuse: before 1.0 another minor
# version is another library.
find_package(cupel 0.2 CONFIG REQUIRED)
